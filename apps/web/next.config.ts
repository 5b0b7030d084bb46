import { join } from 'node:path'
import type { NextConfig } from 'next'

const root = join(import.meta.dirname, '../..')
const publicHost = process.env.PUBLIC_URL ? new URL(process.env.PUBLIC_URL).hostname : undefined

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  transpilePackages: ['@realtime/client', '@realtime/contracts', '@realtime/resources'],
  images: { unoptimized: true },
  outputFileTracingRoot: root,
  turbopack: { root },
  // `next dev` refuses other hosts' requests for its own resources unless they are named.
  allowedDevOrigins: ['127.0.0.1', ...(publicHost ? [publicHost] : [])],
}

export default config
