"""Options of all tests."""


def pytest_addoption(parser):
    """Let golden files follow the code; read the difference before it is committed."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew instead of comparing")
