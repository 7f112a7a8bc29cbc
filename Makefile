# Thin over dev.py, which does the same on machines without make.
#   make run [PORT=8601]     make test     make check     make prove     make bench     make lock
# CICLO_HOME=<folder> holds everything made at run time.

PYTHON ?= python3
COMMANDS := run test check prove bench lock format

.PHONY: $(COMMANDS)
$(COMMANDS):
	@$(PYTHON) dev.py $@ $(ARGS)
