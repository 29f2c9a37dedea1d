"""PostgreSQL refuses to run as root: who it runs as instead."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from motcua.errors import OperatorError

NOBODY = 65534


class RootCannotStepDown(OperatorError):
    """We are root and the machine lets us become nobody else."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL does not run as root, and neither `unshare` nor `setpriv` may change the user here: "
            "run as an ordinary user, or set DATABASE_URL to a server of your own"
        )


@dataclass(frozen=True)
class Identity:
    """A command prefix that takes root's place, and the user who then owns the data directory."""

    prefix: tuple[str, ...]
    owner: int

    def give(self, folder: Path) -> None:
        """Hand a data directory to this identity, where another one made it."""
        if folder.stat().st_uid == self.owner:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.owner, -1, follow_symlinks=False)


# A user namespace in which root calls itself 1000: the files stay root's, so a home closed to others works.
NAMESPACE = Identity(("unshare", "-U", "--map-user=1000", "--map-group=1000", "--"), 0)
_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
# Containers forbid namespaces but grant dac_override, which reaches binaries below a closed home.
NOBODY_WITH_REACH = Identity((*_NOBODY, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"), NOBODY)
PLAIN_NOBODY = Identity((*_NOBODY, "--"), NOBODY)


def identity_for(folder: Path, binary: Path) -> Identity:
    """Return the first identity that may enter the folder and execute the binary.

    Raises RootCannotStepDown.
    """
    if os.geteuid() != 0:
        return Identity((), os.geteuid())
    for identity in (NAMESPACE, NOBODY_WITH_REACH, PLAIN_NOBODY):
        if _works(identity, folder, binary):
            return identity
    raise RootCannotStepDown


def _works(identity: Identity, folder: Path, binary: Path) -> bool:
    if shutil.which(identity.prefix[0]) is None:
        return False
    probe = ("sh", "-c", 'test -x "$0" && "$1" --version', str(folder), str(binary))
    return subprocess.run([*identity.prefix, *probe], capture_output=True, check=False).returncode == 0
