"""`cos-watermark version`: what is here, and what is deployed."""

import typer

from ops.checkout import BUNDLE_ARCHIVE, ENV_FILE, SERVERLESS_YML, version
from ops.configuration.configuration import read_configuration
from ops.deploy.account import Account
from ops.deploy.marker import read_marker
from ops.ending import in_words
from ops.manifest.reading import read_deployment
from ops.options import Debug, EnvFile
from ops.plain import say
from ops.tencent.api import Api
from ops.tencent.scf import DeployedFunction


def show_version(*, debug: Debug = False, env_file: EnvFile = ENV_FILE) -> None:
    """Show the version of this checkout and the deployed one."""
    with in_words(debug=debug):
        typer.echo(f"here: version {version()}, {_built()}")
        if env_file == ENV_FILE and not env_file.exists():
            typer.echo(f"deployed: not known without {env_file.name}")
            return
        configuration = read_configuration(env_file)
        deployment = read_deployment(SERVERLESS_YML, configuration)
        api = Api.of(configuration)
        found = Account.of(api, deployment).look(deployment.functions)
        for key, function in deployment.functions.items():
            say(f"{function.name}: {_deployed(found.functions[key])}")


def _built() -> str:
    if not BUNDLE_ARCHIVE.exists():
        return "nothing built"
    from ops.bundle.build import Bundle  # noqa: PLC0415 - the build needs more than a look at its result

    try:
        return f"built {Bundle(BUNDLE_ARCHIVE.parent, BUNDLE_ARCHIVE).sha256[:12]}"
    except OSError as error:
        return f"what was built cannot be read ({error.strerror or type(error).__name__})"


def _deployed(found: DeployedFunction | None) -> str:
    if found is None:
        return "not deployed"
    marker = read_marker(found.description)
    code = f"version {marker.version}, {marker.sha256[:12]}" if marker else "code that `deploy` did not put there"
    return f"{code}, {found.status.value} since {found.modified or 'a time that SCF does not say'}"
