"""Excel workbooks laid out for reading on a matcher's screen."""
