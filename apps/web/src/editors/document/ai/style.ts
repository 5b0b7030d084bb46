/** The card of the panel. */
export const panelStyle =
  'flow-root rounded-xl bg-popover text-popover-foreground shadow-popover ring-1 ring-border focus-within:ring-input'
