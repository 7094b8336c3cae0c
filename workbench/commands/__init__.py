"""One file a command: each opens the case, asks the engine, and answers with tables, a workbook and a few lines."""
