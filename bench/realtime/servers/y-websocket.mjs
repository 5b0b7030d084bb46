// The server of y-websocket 2.1 (bin/server.cjs) on the ws of today; in memory, as it is without YPERSISTENCE.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { setupWSConnection } from 'y-websocket/bin/utils'

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
})
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listens'))
process.once('SIGTERM', () => process.exit(0))
process.once('disconnect', () => process.exit(0))
