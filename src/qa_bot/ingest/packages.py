"""ZIP archives of XML, which Word documents and electronic books are."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from qa_bot.ingest.problems import ExcessiveError, LockedError, UnreadableError

MAX_UNPACKED = 256 * 1024 * 1024  # bytes that all members of an archive may declare together
MAX_MEMBERS = 20_000


class Package:
    """The members of an archive, which were checked before any is unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise UnreadableError("it is cut short, or no archive at all") from None
        members = self._zip.infolist()
        self.names = {member.filename for member in members}
        unpacked = sum(member.file_size for member in members)
        if unpacked > MAX_UNPACKED:
            raise ExcessiveError(f"declares {unpacked >> 20:,} MiB of content", f"{MAX_UNPACKED >> 20} MiB")
        if len(members) > MAX_MEMBERS:
            raise ExcessiveError(f"holds {len(members):,} files", f"{MAX_MEMBERS:,}")
        if any(member.flag_bits & 1 for member in members):
            raise LockedError

    def read(self, name: str) -> bytes:
        """A member's bytes; no more than it declares are unpacked."""
        try:
            return self._zip.read(name)
        except KeyError:
            raise UnreadableError(f"its part '{name}' is missing") from None
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as error:
            raise UnreadableError(f"its part '{name}' is damaged ({error})") from None

    def tree(self, name: str) -> Any:
        """A member as XML."""
        from lxml import etree

        try:
            return etree.fromstring(self.read(name), xml_parser())
        except etree.XMLSyntaxError as error:
            raise UnreadableError(f"its part '{name}' is damaged ({error.msg})") from None


def xml_parser() -> Any:
    """A parser that opens nothing else and expands only entities of the file itself, within libxml2's limits."""
    from lxml import etree

    return etree.XMLParser(resolve_entities="internal", no_network=True, remove_comments=True, remove_pis=True)
