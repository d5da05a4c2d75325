"""Receives HL7 v2 over MLLP with python3-hl7's own server and acknowledges every message."""

import asyncio
import sys

import hl7
from hl7.mllp import start_hl7_server


async def answer(reader, writer):
    try:
        while not reader.at_eof():
            message = await reader.readmessage()
            writer.writemessage(message.create_ack(application=sys.argv[2]))
            await writer.drain()
    except (asyncio.IncompleteReadError, hl7.exceptions.HL7Exception, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    async with await start_hl7_server(answer, port=int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
