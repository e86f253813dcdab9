"""Tests of the toolchain need neither database nor server: these stand in for pytest-odoo's automatic fixtures."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    yield


@pytest.fixture(scope="session", autouse=True)
def load_http():
    yield
