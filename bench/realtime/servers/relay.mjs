// A bare relay: what comes marked as a batch goes to every other socket as it is; the rest is read and left.
import { WebSocketServer } from 'ws'

/** The first byte of a batch; the same in load/protocol/relay.ts. */
const BATCH = 0xff

const server = new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1' }, () => process.send('listens'))
server.on('connection', (socket) => {
  socket.on('message', (bytes) => {
    if (bytes[0] !== BATCH) return
    for (const other of server.clients) if (other !== socket) other.send(bytes)
  })
})
process.once('SIGTERM', () => process.exit(0))
process.once('disconnect', () => process.exit(0))
