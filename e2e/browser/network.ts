import type { WebSocketRoute } from 'playwright-core'
import type { Window } from './browser.ts'

/** A network between a window's sockets and the platform that can be cut: then nothing passes, and nobody is told. */
export async function network(window: Window): Promise<{ cut: boolean }> {
  const line = { cut: false }
  await window.context.routeWebSocket('**/socket.io/**', (page: WebSocketRoute) => {
    if (line.cut) {
      void page.close()
      return
    }
    const server = page.connectToServer()
    page.onMessage((message) => (line.cut ? undefined : server.send(message)))
    server.onMessage((message) => (line.cut ? undefined : page.send(message)))
  })
  return line
}
