'use client'

/** Where even the layout failed: no styles can be relied on. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en" style={{ colorScheme: 'light dark' }}>
      <title>Something went wrong</title>
      <body style={{ fontFamily: 'system-ui, sans-serif', display: 'grid', placeItems: 'center', minHeight: '100vh' }}>
        <main style={{ textAlign: 'center' }}>
          <h1 style={{ fontSize: 18 }}>Something went wrong in this page</h1>
          <p>What you wrote is kept.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
