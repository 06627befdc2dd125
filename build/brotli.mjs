// Writes FILE.br beside each FILE that is named. Quality 9 takes a tenth of the
// time of the highest and gives files some 4 % larger.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

for (const file of process.argv.slice(1)) {
  const content = readFileSync(file);
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`${file}.br.new`, packed);
  renameSync(`${file}.br.new`, `${file}.br`);
}
