# Thin over dev.py, which does the same on machines without make.
#   make run [PORT=8601]     make test     make check     make prove     make bench     make lock
#   make add ARGS="openai anthropic"
# CICLO_HOME=<folder> holds everything made at run time.

PYTHON ?= python3
COMMANDS := run test check prove bench lock format add

.PHONY: $(COMMANDS)
$(COMMANDS):
	@$(PYTHON) dev.py $@ $(ARGS)
