-- Resolve's menu Workspace > Scripts > TokenFlow Studio: for every edition.

local library = "@LIBRARY@"
package.path = library .. "/?.lua;" .. package.path

require("tokenflow_lua.actions").send(library, resolve or Resolve(), true)
