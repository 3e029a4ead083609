"""A mail server that takes everything and keeps nothing, so that it costs next to nothing.

    python -m bench.taker

Prints its port; at the end of its input, how many messages it took.
"""

import asyncio
import sys

from stack.ports import LOOPBACK

_READ_LIMIT = 1 << 20


class _Taker:
    def __init__(self) -> None:
        self.taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, command by command."""
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            if command == b"EHLO":
                writer.write(b"250-here\r\n250 8BITMIME\r\n")
            elif command == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.taken += 1
                writer.write(b"250 taken\r\n")
            elif command == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        writer.close()


async def _main() -> None:
    taker = _Taker()
    server = await asyncio.start_server(taker.serve, LOOPBACK, 0, limit=_READ_LIMIT)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()
    print(taker.taken, flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
