-- What is open in Resolve, and the clip that is meant.

local studio = require("tokenflow_lua.studio")

local RATES = {
    ["23.976"] = "24000/1001", ["23.98"] = "24000/1001", ["29.97"] = "30000/1001",
    ["47.952"] = "48000/1001", ["59.94"] = "60000/1001",
}
-- What the free edition renders at most.
local FREE_WIDTH, FREE_HEIGHT = 3840, 2160

local Desk = {}
Desk.__index = Desk

local function there(thing, otherwise)
    if thing == nil then
        studio.fail(otherwise)
    end
    return thing
end

-- `23.976` means 24000/1001; whole rates stay as they are.
function Desk.exact_rate(said)
    local first = tostring(said):match("^%s*(%S+)") or ""
    if RATES[first] then
        return RATES[first]
    end
    local number = tonumber(first)
    if not number then
        studio.fail("Resolve gives the frame rate '" .. tostring(said) .. "', which is no number.")
    end
    return ("%g"):format(number)
end

function Desk.open(resolve)
    local desk = setmetatable({ resolve = resolve }, Desk)
    desk.project = there(resolve:GetProjectManager():GetCurrentProject(), "Open a project first.")
    desk.timeline = there(desk.project:GetCurrentTimeline(), "Open a timeline first.")
    desk.pool = desk.project:GetMediaPool()
    return desk
end

-- Whether it is the paid edition, told by its name: a call that it lacks blocks all others.
function Desk:is_studio()
    return tostring(self.resolve:GetProductName()):find("Studio", 1, true) ~= nil
end

-- The free edition stops a larger render with a dialog that blocks every later call.
function Desk:check_size()
    local width = tonumber(self.timeline:GetSetting("timelineResolutionWidth")) or 0
    local height = tonumber(self.timeline:GetSetting("timelineResolutionHeight")) or 0
    if not self:is_studio() and (width > FREE_WIDTH or height > FREE_HEIGHT) then
        studio.fail(("This clip must be rendered, and the free edition renders at most %dx%d, not %dx%d.")
            :format(FREE_WIDTH, FREE_HEIGHT, width, height))
    end
end

-- The selected clip, else the one under the playhead.
function Desk:chosen()
    -- Older versions do not have the call.
    local can, selected = pcall(function()
        return self.timeline:GetSelectedClips()
    end)
    local videos = {}
    for _, item in ipairs(can and selected or {}) do
        if item:GetTrackTypeAndIndex()[1] == "video" then
            videos[#videos + 1] = item
        end
    end
    if #videos > 1 then
        studio.fail("Select one video clip, not several.")
    end
    local item = videos[1] or self.timeline:GetCurrentVideoItem()
    return there(item, "Select a video clip, or put the playhead on one.")
end

-- Every clip of the video tracks, from the lowest track up.
function Desk:video_items()
    local items = {}
    for index = 1, self.timeline:GetTrackCount("video") do
        for _, item in ipairs(self.timeline:GetItemListInTrack("video", index) or {}) do
            items[#items + 1] = item
        end
    end
    return items
end

-- The timeline's frames per second, as the studio writes it.
function Desk:rate()
    return Desk.exact_rate(self.timeline:GetSetting("timelineFrameRate"))
end

-- What the manifest says of Resolve and the item.
function Desk:host(item)
    return {
        name = "resolve",
        version = self.resolve:GetVersionString(),
        item = item:GetUniqueId(),
        project = self.project:GetName(),
    }
end

return Desk
