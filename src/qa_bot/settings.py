"""What a user may set, from the environment (QA_BOT_*) or as arguments; read by bot and cli only."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_QUESTION = 1_000  # code points, as in the public contract
MAX_HISTORY = 20  # earlier questions that come with one
MAX_CITATIONS = 10
DEFAULT_MODEL = "all-MiniLM-L6-v2"  # the packaged one; needs no network


class Settings(BaseSettings):
    """Folders and models, each overridable by an environment variable such as QA_BOT_INDEX."""

    model_config = SettingsConfigDict(env_prefix="QA_BOT_", frozen=True)

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = DEFAULT_MODEL
    reader: str = "shipped"
