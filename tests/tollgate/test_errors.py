import pytest

from tollgate import errors
from tollgate.errors import TollgateError

STATUS = {
    "ConfigError": 2,
    "ConflictError": 4,
    "DataError": 1,
    "ModelError": 1,
    "BundleError": 1,
    "StorageError": 1,
    "TargetError": 1,
}


def test_every_error_has_the_exit_status_of_its_kind() -> None:
    found = {
        name: kind.exit_status
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, TollgateError) and kind is not TollgateError
    }
    assert found == STATUS


@pytest.mark.parametrize("name", STATUS)
def test_every_error_says_what_it_was_told(name: str) -> None:
    with pytest.raises(TollgateError, match=r"^loans\.csv: no such file$"):
        raise getattr(errors, name)("loans.csv: no such file")
