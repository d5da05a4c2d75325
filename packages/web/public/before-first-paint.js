// A file of its own because the content security policy allows no inline script.
// The theme is set before the first paint, so that a dark screen never flashes white.
;(() => {
  const chosen = localStorage.getItem('wardkeeper-theme')
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
  // Schemas are interpreted: compiling them needs `eval`, which the policy forbids too.
  globalThis.__zod_globalConfig = { jitless: true }
})()
