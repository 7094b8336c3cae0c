"""The matchers' desk: command line, files and words."""
