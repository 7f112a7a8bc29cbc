"""Ciclo: one loop, one package a stage.

chat -> feedback -> annotation -> metrics -> dataset -> training -> comparison -> rollout -> drift -> chat

Data flows forward, imports flow backward: a stage may import those before it in the loop, never
those after it. Below the stages lie ``registry`` and ``assistants`` (which model answers, and for
whom), then the capabilities ``retrieval`` and ``llm``, then the ground (db, config, i18n, ...).
The doors (``pages``, ``core.api``, ``core.cli``) may import anything; nobody imports them.
``tests/test_architecture.py`` keeps these rules.
"""

__version__ = "0.1.0"
