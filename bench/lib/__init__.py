"""The parts of bench/run, one subject a module. Python's standard library only."""
