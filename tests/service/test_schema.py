"""The service does what its OpenAPI description says, whatever is sent."""

import os

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from qa_bot.service import ServiceSettings, create_app

from .fakes import FakeBot

APP = create_app(FakeBot(), settings=ServiceSettings(mcp=False))
EXAMPLES = int(os.environ.get("QA_BOT_SCHEMA_EXAMPLES", "40"))  # for each operation; 500 make some 7,000 requests
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
schema = schemathesis.openapi.from_asgi("/openapi.json", APP)


@pytest.fixture(scope="module", autouse=True)
def running():
    with TestClient(APP):
        yield


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_service_keeps_to_its_description(case):
    case.call_and_validate(checks=CHECKS)
