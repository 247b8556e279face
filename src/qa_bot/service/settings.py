"""What may be set about the service, as arguments or from the environment (QA_BOT_*)."""

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettings

from qa_bot.errors import QaBotError

MAX_BATCH = 100


def spare_cores() -> int:
    """One core is left to the event loop; beyond four threads Python's global lock is the limit, so add workers."""
    return max(1, min(4, (os.cpu_count() or 1) - 1))


class SettingsError(QaBotError):
    """A setting that is not what was expected."""


class ServiceSettings(BaseSettings):
    """Limits, access and logging of the service; each field is also an environment variable, QA_BOT_THREADS and so on.

    `auth` is "auto" (clients on this machine are free, all others need an API key), "always" (everyone needs a key;
    choose this behind a reverse proxy) or "never" (open to whoever can connect).
    """

    model_config = SettingsConfigDict(env_prefix="QA_BOT_", frozen=True)

    auth: Literal["auto", "always", "never"] = "auto"
    keys_file: Path = Path("keys.json")
    hosts: tuple[str, ...] = ()  # names besides localhost under which clients on this machine may address the service
    rate_limit: str | None = Field(None, examples=["600/minute"])  # for each key, or address where there is no key
    at_once: int | None = Field(None, ge=1)  # requests in progress for each key or address
    threads: int = Field(default_factory=spare_cores, ge=1, le=256)
    waiting: int = Field(12, ge=0, le=10_000)  # calls that may wait for a free thread; more than that is overload
    answer_timeout_s: float = Field(30.0, gt=0)
    body_timeout_s: float = Field(10.0, gt=0)
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    max_upload_bytes: int = Field(50_000_000, ge=1_000)  # a book of text has one or two million, a scanned one some ten
    read_only: bool = False  # nobody may add or remove documents, also where there is a corpus folder
    upload_timeout_s: float = Field(120.0, gt=0)
    feedback_file: Path = Path("feedback/feedback.jsonl")  # to which readers' thumbs are appended
    page: bool = True  # serve the chat page at /ui/; without it a server takes 80 MB less
    mcp: bool = True  # serve the MCP tools at /mcp, if the extra is installed
    cors_origins: tuple[str, ...] = ()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_questions: bool = False
    traces: Literal["off", "otlp", "console"] = "off"  # OpenTelemetry; where to, the OTEL_* variables say
    watch_seconds: float = Field(
        2.0, ge=0
    )  # how often the index folder is looked at for a new index; 0 switches it off

    @classmethod
    def read(cls, **given: Any) -> "ServiceSettings":
        """The settings given, the others from the environment. Raises: SettingsError: in one line."""
        try:
            return cls(**given)
        except UnreadableSettings as error:  # "error parsing value for field ..."
            name = re.findall(r'"(.+?)"', str(error))[0].upper()
            raise SettingsError(f'QA_BOT_{name} is not JSON; expected: a JSON list such as ["a"]') from error
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            name = f"QA_BOT_{str(fault['loc'][0]).upper()}"
            raise SettingsError(f"{name} has value {fault['input']!r}; expected: {fault['msg']}") from error

    @field_validator("rate_limit")
    @classmethod
    def _rate_limit_is_readable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        from limits import parse

        try:
            parse(value)
        except ValueError:
            raise ValueError(f"rate limit '{value}' is not understood; write for example 600/minute") from None
        return value
