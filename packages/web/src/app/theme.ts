import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'

const ward: MantineColorsTuple = [
  '#eef7fb',
  '#dbecf4',
  '#b5d8e8',
  '#8cc3db',
  '#68b1d0',
  '#4596b8',
  '#2a7899',
  '#1d6686',
  '#17546f',
  '#0f4058',
]

const dark: MantineColorsTuple = [
  '#e3e9ee',
  '#c3ccd4',
  '#a5b1bb',
  '#7b8893',
  '#3d4954',
  '#303b45',
  '#242e37',
  '#1a2229',
  '#141b21',
  '#0e1419',
]

/** Restrained on purpose: one accent for what can be pressed, colour otherwise only for severity. */
export const theme = createTheme({
  primaryColor: 'ward',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  colors: { ward, dark },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.35' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
})

/** Text that Mantine dims would fall under the AA contrast on our backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f8f9',
    '--mantine-color-text': '#1b242b',
    '--mantine-color-dimmed': '#53606a',
    '--mantine-color-placeholder': '#66727c',
    '--mantine-color-error': '#a61b1b',
    '--mantine-color-anchor': '#17546f',
    '--mantine-color-default-border': '#cfd7dd',
  },
  dark: {
    '--mantine-color-dimmed': '#a5b1bb',
    '--mantine-color-placeholder': '#94a1ac',
    '--mantine-color-error': '#ff9b9b',
    '--mantine-color-anchor': '#8cc3db',
    '--mantine-color-default-border': '#3d4954',
  },
})
