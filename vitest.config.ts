import { defineConfig } from 'vitest/config'

// unit: nothing but the code. pg: against a real PostgreSQL, which tools/test-postgres.ts starts unless
// TEST_DATABASE_URL names one. web: the browser's side. e2e: the whole platform, one file at a time.

const outside = ['**/node_modules/**', '**/.next/**', '**/.data/**']
const floors = '{packages,services,apps/platform,tools}'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${floors}/**/*.test.ts`, 'bench/**/*.test.ts', 'e2e/**/*.test.ts'],
          exclude: [...outside, '**/*.pg.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: [`${floors}/**/*.pg.test.ts`],
          exclude: outside,
          globalSetup: ['tools/test-postgres.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        root: 'apps/web',
        test: {
          name: 'web',
          include: ['**/*.test.{ts,tsx}'],
          exclude: outside,
          environment: 'happy-dom',
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          exclude: outside,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
