'use client'
import { documentApi } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { failureOf, isFinal, publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { lastDocument, rememberDocument } from '../workspace/current.ts'
import { Entry } from './entry.tsx'
import { messageOf } from './problems.ts'
import { statusQuery, visitorQuery } from './queries.ts'
import { NotSetUp } from './setup.tsx'

/** `/`: the document one was in, else the workspace; signing in first; or word that the server waits for its setup. */
export function Entrance() {
  const router = useRouter()
  const visitor = useQuery(visitorQuery)
  const signedIn = visitor.data !== undefined && visitor.data !== null
  const status = useQuery({ ...statusQuery, enabled: visitor.data === null })
  useEffect(() => {
    if (!signedIn) return
    void whereTo().then((path) => router.replace(path))
  }, [signedIn, router])
  useEffect(() => {
    if (visitor.data === null && status.data?.setUp) router.replace('/sign-in')
  }, [visitor.data, status.data, router])

  const error = failureOf(visitor) ?? failureOf(status)
  if (error)
    return (
      <Entry title="The server does not answer" description={messageOf(error)}>
        <Button
          size="large"
          className="w-full"
          onClick={() => void (failureOf(visitor) ? visitor.refetch() : status.refetch())}
        >
          Retry
        </Button>
      </Entry>
    )
  if (visitor.data === null && status.data && !status.data.setUp) return <NotSetUp />
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Mark className="size-9 animate-[shimmer_1.8s_ease-in-out_infinite]" />
      <span className="sr-only" role="status">
        Loading
      </span>
    </main>
  )
}

async function whereTo(): Promise<string> {
  const id = lastDocument()
  if (!id) return '/home'
  try {
    await publicApi(documentApi.getDocument, { params: { id } })
    return `/d/${id}`
  } catch (error) {
    if (isFinal(error)) rememberDocument(null)
    return '/home'
  }
}
