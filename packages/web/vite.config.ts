import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env['WARDKEEPER_API'] ?? 'http://127.0.0.1:4780'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': server } },
  preview: { proxy: { '/api': server } },
})
