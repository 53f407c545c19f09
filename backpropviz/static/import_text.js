// Modules that come as text in a message: a notebook has no address to load them from.

/** The default export of a module given as text. */
export async function importText(script) {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return (await import(address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}
