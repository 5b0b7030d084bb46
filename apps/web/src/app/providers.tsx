'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider, useTheme } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { Toaster } from 'sonner'
import { isFinal, isPassing } from '../api.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'

/** What every page stands in: theme, queries, tooltips, toasts. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 15_000,
            // A part that is away comes back: pages that wait for it go on by themselves.
            retry: (count, error) => isPassing(error) || (count < 2 && !isFinal(error)),
            retryDelay: (count) => Math.min(4_000, 400 * 2 ** count),
            // Our server may well be on this machine: the browser's idea of being offline says nothing about it.
            networkMode: 'always',
          },
          mutations: { networkMode: 'always' },
        },
      }),
  )
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <QueryClientProvider client={client}>
        <TooltipProvider delay={350}>{children}</TooltipProvider>
        <Toasts />
      </QueryClientProvider>
    </ThemeProvider>
  )
}

function Toasts() {
  const { resolvedTheme } = useTheme()
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      // On phones above the tools that canvases and decks have at the bottom.
      mobileOffset={{ bottom: 96 }}
      toastOptions={{
        classNames: {
          toast:
            'bg-popover! text-popover-foreground! border-border! shadow-popover! rounded-lg! font-sans! text-[13px]!',
          description: 'text-muted-foreground!',
          actionButton: 'bg-foreground! text-background!',
        },
      }}
    />
  )
}
