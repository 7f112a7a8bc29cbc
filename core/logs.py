"""The log: one line an event on stderr, readable in dev, JSON in prod.

Everything speaks through the standard ``logging`` (``log.info("words", extra={...})``), libraries
too; ``start()`` decides how it looks. Fields bound with ``bind()`` (the request id) stand on every
line of that context. Lines never hold questions, answers or documents, only ids and figures; what
looks like personal data all the same is masked (unless CICLO_SHOW_PERSONAL_DATA), tracebacks show no
values of variables.
"""

import logging
import sys
from collections.abc import MutableMapping
from io import StringIO
from typing import Any, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from core.config import settings
from core.privacy.showing import shown

PLAIN = {"timestamp", "level", "logger", "request", "statement"}  # hold nobody's words


def start(level: str = "") -> None:
    """Send every log line through one handler on stderr, from ``level`` (CICLO_LOG_LEVEL) up."""
    shared = _shared()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_look()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel("WARNING")  # libraries; ours below
    logging.getLogger("ciclo").setLevel((level or settings().log_level).upper())
    logging.captureWarnings(True)


def adopt() -> None:
    """Let the loggers of libraries that brought handlers of their own speak through ours."""
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger) and logger.handlers:
            logger.handlers = []
            logger.propagate = True
            logger.setLevel(max(logger.level, logging.WARNING))


def bind(**fields: Any) -> None:
    """From here on, in this context, every line carries ``fields``."""
    structlog.contextvars.bind_contextvars(**fields)


def unbind() -> None:
    """Forget what ``bind`` has set in this context."""
    structlog.contextvars.clear_contextvars()


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _look() -> list[Any]:
    if settings().profile == "prod":
        told = ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(told),
            _masked,
            structlog.processors.JSONRenderer(default=str),
        ]
    colours = sys.stderr.isatty()
    return [
        _masked,
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=_traceback),
    ]


def _masked(logger: Any, name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every word of a line but those of our own."""
    for key, value in line.items():
        if key not in PLAIN and key != "exc_info":
            line[key] = shown(value)
    return line


def _traceback(sio: TextIO, told: Any) -> None:
    written = StringIO()
    structlog.dev.plain_traceback(written, told)
    sio.write(shown(written.getvalue()))
