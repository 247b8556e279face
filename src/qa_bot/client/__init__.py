"""A client of the HTTP service, blocking or asynchronous.

It gives the same values as the bot itself:

    with Client("http://127.0.0.1:8000") as bot:
        answer = bot.ask("When was Shusha taken?")
    answer.status, answer.citations[0].quote, answer.citations[0].perspective.note
"""

from qa_bot.client.asynchronous import AsyncClient
from qa_bot.client.blocking import Client
from qa_bot.client.calls import Change, ServiceError

__all__ = ["AsyncClient", "Change", "Client", "ServiceError"]
