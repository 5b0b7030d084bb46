import { createServer } from 'node:net'
import { PostgresFailed } from './failure.ts'
import { readState, writeState } from './place.ts'

/** Where PostgreSQL listens: never on another address. */
export const HOST = '127.0.0.1'

/** The port asked for, or the remembered one while it is free, or a free one. */
export async function choosePort(dataDir: string, asked: number): Promise<number> {
  if (asked > 0) {
    if (await isFree(asked)) return asked
    throw new PostgresFailed(`Port ${asked} on ${HOST}, meant for PostgreSQL, is in use. Choose another one.`)
  }
  const remembered = readState(dataDir).port
  if (remembered && (await isFree(remembered))) return remembered
  const port = await freePort()
  writeState(dataDir, { port })
  return port
}

function isFree(port: number): Promise<boolean> {
  return freePort(port).then(
    () => true,
    () => false,
  )
}

function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, HOST, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
