// Modules that come as text in a message: a notebook has no address to load them from.

/** An address under which a module's text can be imported; whoever asks for it gives it back. */
export function addressOf(script: string) {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

/** The default export of a module given as text; what it shares with others stands at an address of its own. */
export async function importText<Exported>(script: string, shared = ""): Promise<Exported> {
  const address = addressOf(script.replace(/\.\/(array_)?shared\.js/, shared));
  try {
    return ((await import(address)) as { default: Exported }).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}
