"""What talks to the workflows: the desk client, the `curative` command, the stack for one machine."""
