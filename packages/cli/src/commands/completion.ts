// `coreyard completion`: what a shell needs to complete commands and options.

import type { Command } from 'commander'
import { Argument } from 'commander'
import type { AddCommand } from '../run.js'

export const addCompletion: AddCommand = (program, { io, action }) => {
  program
    .command('completion')
    .description('writes a script that completes commands and options: eval "$(coreyard completion bash)"')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(
      action(async (shell: 'bash' | 'zsh' | 'fish') => {
        io.out(SCRIPTS[shell](commandsOf(program)))
        return undefined
      }),
    )
}

interface Completed {
  readonly name: string
  readonly description: string
  readonly options: readonly string[]
}

function commandsOf(program: Command): Completed[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description().replace(/['":[\]]/g, ''),
    options: command.options.flatMap(({ long }) => long ?? []),
  }))
}

const SCRIPTS = {
  bash: (commands: readonly Completed[]) => `_coreyard() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `    ${name}) local options='${options.join(' ')}' ;;`).join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -d -- "$word")) ;;
  esac
}
complete -o filenames -F _coreyard coreyard
`,
  zsh: (commands: readonly Completed[]) => `#compdef coreyard
_coreyard() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, description }) => `'${name}:${description}'`).join(' ')})
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands.map(({ name, options }) => `    ${name}) _arguments ${options.map((option) => `'${option}'`).join(' ')} '*:directory:_files -/' ;;`).join('\n')}
  esac
}
compdef _coreyard coreyard
`,
  fish: (commands: readonly Completed[]) =>
    commands
      .flatMap(({ name, description, options }) => [
        `complete -c coreyard -n __fish_use_subcommand -a ${name} -d '${description}'`,
        ...options.map(
          (option) => `complete -c coreyard -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
        ),
      ])
      .join('\n')
      .concat('\n'),
} as const
