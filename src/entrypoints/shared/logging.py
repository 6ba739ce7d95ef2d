"""Log lines of a process: for people in a console, for machines as JSON."""

import logging
import sys

import structlog

from entrypoints.shared.settings import AppSettings

_SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def start_logging(settings: AppSettings) -> None:
    """Send structlog and the standard library's logging to standard error in one shape.

    :param settings: format and least level.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_of(settings.log_format))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("aiokafka", "alembic", "asyncio", "httpx", "uvicorn"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))


def formatter_of(form: str) -> logging.Formatter:
    """Makes lines of one shape; a traceback in them shows no values, since these may be secret, and costs little.

    :param form: ``json`` or ``console``.
    """
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
    )


def _rendering(form: str) -> list[structlog.types.Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
