-- The commands of the menu; what happened stands in Resolve's console (Workspace > Console).

local Desk = require("tokenflow_lua.desk")
local returning = require("tokenflow_lua.returning")
local sending = require("tokenflow_lua.sending")
local studio = require("tokenflow_lua.studio")

local actions = {}

local function say(library, resolve, action)
    studio.library = library
    local done, said = pcall(function()
        local desk = Desk.open(resolve)
        return action(desk, desk:chosen())
    end)
    if not done and type(said) ~= "table" then
        error(said, 0)
    end
    print("TokenFlow: " .. (done and said or said.said))
end

-- Send the chosen clip and open the studio with it.
function actions.send(library, resolve, baked)
    say(library, resolve, function(desk, item)
        local package = sending.send(desk, item, baked)
        studio.open_window(package)
        return "Sent to TokenFlow Studio: " .. package
    end)
end

-- Bring the newest version of the chosen clip back.
function actions.bring_back(library, resolve)
    say(library, resolve, returning.bring_back)
end

return actions
