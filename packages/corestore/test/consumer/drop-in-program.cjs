// A program as it is written for Corestore 7. The test runs it with ours in its place, under the name in the arguments.
// Each run adds to what it has stored, and prints what is there.

const [, , name, directory] = process.argv
const Corestore = require(name)
const Autobase = require('autobase')
const Hyperdrive = require('hyperdrive')

async function main() {
  const store = new Corestore(`${directory}/store`)
  const drive = new Hyperdrive(store.namespace('drive'))
  const base = new Autobase(store.namespace('base'), null, {
    open: (views) => views.get({ name: 'runs', valueEncoding: 'json' }),
    apply: async (nodes, view) => {
      for (const { value } of nodes) await view.append(value)
    },
    valueEncoding: 'json',
  })
  await Promise.all([drive.ready(), base.ready()])

  const run = Number((await drive.get('/runs')) ?? 0) + 1
  await drive.put('/runs', Buffer.from(`${run}`))
  await base.append(run)
  const view = []
  for (let index = 0; index < base.view.length; index++) view.push(await base.view.get(index))

  const peer = new Corestore(`${directory}/peer`)
  const copy = new Hyperdrive(peer.session(), drive.key)
  const found = copy.findingPeers()
  const stream = store.replicate(true)
  stream.pipe(peer.replicate(false)).pipe(stream)
  await copy.update()
  found()
  const copied = Number(await copy.get('/runs'))

  const { default: imported } = await import(name)
  const others = Object.keys(require.cache).filter((file) => /node_modules.corestore/.test(file))
  const keys = [drive.key, base.key].map((key) => key.toString('hex'))
  console.log(JSON.stringify({ run, view, copied, keys, others, same: imported === Corestore }))
  await Promise.all([base.close(), drive.close(), copy.close()])
  await Promise.all([store.close(), peer.close()])
}

main()
