"""What goes wrong with commands, beside the tree of `shared/errors.py`, which it continues.

WatermarkError
├── ConfigurationError
│   ├── EnvFileError           .env cannot be read, or says something wrong        (ops/configuration/env_file.py)
│   └── ManifestError          serverless.yml cannot be read, or is wrong          (ops/manifest/text.py)
├── DeployError                the account does not get where it should
├── SetupError                 the same, of what `setup` makes
├── StillPausedError           a pause that was to end has not                  (ops/pausing.py)
├── IndexFileError             a file in which a command remembers things cannot be used
├── PersonNeededError          only a person can go on                             (ops/setup/person.py)
└── CloudError                 a call failed                                       (ops/tencent/refusals.py sorts)
BundleError                    nothing could be built                              (ops/bundle/errors.py)
"""

from __future__ import annotations

from shared.errors import WatermarkError


class DeployError(WatermarkError):
    """Something in the account is not as it should be, and this run cannot change that; the text says what to do."""


class SetupError(WatermarkError):
    """Something cannot be made; the text says what to do."""


class StillPausedError(WatermarkError):
    """A pause that was to end is still there; the text says why."""


class IndexFileError(WatermarkError):
    """A file in which a command remembers things cannot be used; the text says which, and what to do."""
