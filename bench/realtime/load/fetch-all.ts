import { Agent, get } from 'node:http'

/**
 * Asks for the same many times at once, each over a connection of its own, and lets the answers go by.
 * @returns bytes of one answer's body
 * @throws Error when an answer is no success, or they differ in length
 */
export async function fetchAll(url: string, headers: Record<string, string>, times: number): Promise<number> {
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })
  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = get(url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`))
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
        })
        response.on('end', () => resolve(bytes))
        response.on('error', reject)
      })
      request.on('error', reject)
    })
  const lengths = new Set(await Promise.all(Array.from({ length: times }, one)))
  const [length] = lengths
  if (length === undefined || lengths.size > 1) throw new Error(`answers of ${[...lengths].join(', ')} bytes`)
  return length
}
