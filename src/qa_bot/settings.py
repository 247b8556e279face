"""What a user may set, from the environment (QA_BOT_*) or as arguments; read by bot and cli only."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

STOCK_MODEL = "all-MiniLM-L6-v2"  # as the package ships it
ADAPTED_MODEL = "qa-bot-minilm"  # the same, adapted to late interaction by what ships here; neither needs a network
DEFAULT_MODEL = STOCK_MODEL


class Settings(BaseSettings):
    """Folders and models, each overridable by an environment variable such as QA_BOT_INDEX."""

    model_config = SettingsConfigDict(env_prefix="QA_BOT_", frozen=True)

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = DEFAULT_MODEL
    reader: str = "shipped"
