// Hocuspocus as its documentation starts it on a server of one's own: no hook, no store, nothing written anywhere.
import { createServer } from 'node:http'
import { Hocuspocus } from '@hocuspocus/server'
import { WebSocketServer } from 'ws'

const hocuspocus = new Hocuspocus({ quiet: true })
const sockets = new WebSocketServer({ noServer: true })
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    webSocket.on('error', (error) => console.error(error))
    hocuspocus.handleConnection(webSocket, request)
  })
})
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listens'))
process.once('SIGTERM', () => process.exit(0))
process.once('disconnect', () => process.exit(0))
