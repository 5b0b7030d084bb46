'use client'
import { useEffect, useState } from 'react'

const MINUTE_MS = 60_000

/** Draws a component once a minute: how long ago something was goes on. */
export function useMinutes(): void {
  const [, setMinutes] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setMinutes((minutes) => minutes + 1), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
}
