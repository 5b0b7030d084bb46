'use client'
import { useEffect, useState } from 'react'

/** A value once it has stayed the same for a while, in milliseconds; empty text at once. While `held` it stays. */
export function useSettled(value: string, ms: number, held = false): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    if (held || value === settled) return
    if (value === '') return setSettled('')
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, settled, ms, held])
  return settled
}
