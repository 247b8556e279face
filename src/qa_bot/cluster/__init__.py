"""On many machines: a corpus encoded by all of them, and replicas that answer from the tables that were made (Ray)."""

from qa_bot.cluster.bulk import BulkReport, index_in_bulk
from qa_bot.cluster.replicas import deploy

__all__ = ["BulkReport", "deploy", "index_in_bulk"]
