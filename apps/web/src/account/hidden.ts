/** Whether an address may be the one of which `hidden` shows some letters, with `…` for the others. */
export function mayBe(hidden: string, address: string): boolean {
  const parts = hidden.toLowerCase().split('…')
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
  return new RegExp(`^${pattern}$`, 'su').test(address.toLowerCase())
}
