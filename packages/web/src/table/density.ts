import { useLocalStorage } from '@mantine/hooks'

/** How close the rows are. A habit of the person, not of the view, so it is not part of the address. */
export function useDensity() {
  return useLocalStorage<'comfortable' | 'compact'>({
    key: 'wardkeeper-density',
    defaultValue: 'comfortable',
    getInitialValueInEffect: false,
  })
}
