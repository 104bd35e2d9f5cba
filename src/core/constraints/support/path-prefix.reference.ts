import { posix, win32 } from 'node:path'

/** Obviously right for plain texts: the path module of Node, and one comparison on a border. */
export function isUnderByReference(
  text: string,
  prefix: string,
  platform: 'posix' | 'win32',
): boolean {
  const path = platform === 'win32' ? win32 : posix
  const fold = (one: string) => {
    const normal = path.normalize(one.replace(/^\/+/, '/'))
    const bare = normal.replace(/[\\/]+$/, '')
    return platform === 'win32' ? bare.toLowerCase() : bare
  }
  return fold(text) === fold(prefix) || fold(text).startsWith(fold(prefix) + path.sep)
}

/** A file system of directories (`true`) and symbolic links (their target). */
export type FakeFiles = ReadonlyMap<string, true | string>

/** Walks a path as a kernel does, one name at a time. Missing names lead where they say. */
export function walkByReference(text: string, files: FakeFiles): string {
  const todo = text.split('/')
  let here = ''
  for (let step = 0; todo.length > 0; step++) {
    if (step > 200) throw Object.assign(new Error('loop'), { code: 'ELOOP' })
    const name = todo.shift() ?? ''
    if (name === '' || name === '.') continue
    if (name === '..') {
      here = here.slice(0, Math.max(0, here.lastIndexOf('/')))
      continue
    }
    const link = files.get(`${here}/${name}`)
    if (typeof link !== 'string') here = `${here}/${name}`
    else {
      if (link.startsWith('/')) here = ''
      todo.unshift(...link.split('/'))
    }
  }
  return here === '' ? '/' : here
}

/** The port: as `realpath(3)`, but a link that leads nowhere is not called missing. */
export function realpathOf(files: FakeFiles): (path: string) => string {
  return (path) => {
    const real = walkByReference(path, files)
    if (real === '/' || files.get(real) === true) return real
    const parent = walkByReference(path.slice(0, path.lastIndexOf('/')), files)
    const entry = files.get(`${parent === '/' ? '' : parent}${path.slice(path.lastIndexOf('/'))}`)
    const code = typeof entry === 'string' ? 'EDANGLING' : 'ENOENT'
    throw Object.assign(new Error('no such file'), { code })
  }
}
