"""The few errors of Tollgate: the message holds the facts, the class holds the exit status."""


class TollgateError(Exception):
    """Anything that a user can put right; shown without a traceback."""

    exit_status = 1


class ConfigError(TollgateError):
    """Wrong usage or configuration, found without reading the data."""

    exit_status = 2


class DataError(TollgateError):
    """Data that cannot be used as it is."""


class ModelError(TollgateError):
    """A model that cannot be fitted, or whose graph does not do what the model does."""


class BundleError(TollgateError):
    """A bundle that is not what its digest says, or that cannot be served."""


class StorageError(TollgateError):
    """Storage that cannot be read or written."""


class TargetError(TollgateError):
    """A deployment target in a state that nobody may build on."""


class ConflictError(TollgateError):
    """Someone else was promoted meanwhile: nothing was changed."""

    exit_status = 4
