// Names of files and folders from ids that others choose.

const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const lengthMax = 80;

/** A file name for `id`, unlike that of every other id. Throws when the id is empty or too long to be one. */
export function safeName(id: string): string {
  if (plain.test(id)) return id;
  if (id === '' || id.length > lengthMax) throw new Error(`'${id.slice(0, lengthMax)}' cannot name a folder`);
  // A plain name holds no percent sign, so nothing that is written in this way can be one.
  const bytes = [...Buffer.from(id)];
  return bytes
    .map((byte) =>
      /[A-Za-z0-9_-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}
