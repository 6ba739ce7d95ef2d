"""Who works on the memory adapter."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime

from core.operations.api import ProcessView
from core.operations.ports import ProcessReader


@dataclass(frozen=True, slots=True)
class MemoryProcessReader(ProcessReader):
    """Knows the process that it lives in, since nobody else can work on its memory."""

    part: str
    started_at: datetime

    async def processes(self) -> list[ProcessView]:
        """This process."""
        return [ProcessView(part=self.part, started_at=self.started_at, pid=os.getpid(), host=socket.gethostname())]
