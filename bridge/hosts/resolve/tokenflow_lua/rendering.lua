-- Rendering one clip to EXR files, with everything that is touched put back.

local studio = require("tokenflow_lua.studio")

local rendering = {}

local PRESET = "TokenFlow former settings"
local CODECS = { "RGB half (ZIP)", "RGB half (Zip)", "RGB half", "RGB float (ZIP)" }

local function wait()
    if bmd and bmd.wait then
        bmd.wait(0.5)
    else
        os.execute(package.config:sub(1, 1) == "\\" and "ping -n 2 127.0.0.1 > NUL" or "sleep 0.5")
    end
end

-- The id behind a lossless EXR codec: names differ between versions, ids are never written.
local function codec(project)
    local codecs, names = project:GetRenderCodecs("exr") or {}, {}
    for _, name in ipairs(CODECS) do
        if codecs[name] then
            return codecs[name]
        end
    end
    for name in pairs(codecs) do
        names[#names + 1] = name
    end
    table.sort(names)
    local there = #names > 0 and table.concat(names, ", ") or "none"
    return studio.fail("This Resolve has no lossless EXR codec, only " .. there .. ".")
end

local function run(project)
    local job = project:AddRenderJob()
    if not job or job == "" then
        studio.fail("Resolve did not take the render job.")
    end
    studio.restoring(function()
        if not project:StartRendering({ job }, false) then
            studio.fail("Resolve did not start to render.")
        end
        while project:IsRenderingInProgress() do
            wait()
        end
        local status = project:GetRenderJobStatus(job) or {}
        if status.JobStatus ~= "Complete" then
            studio.fail("The render ended as '" .. tostring(status.JobStatus) .. "'.")
        end
    end, function()
        project:DeleteRenderJob(job)
    end)
end

-- Every setting that matters is set: what the page held before would stay in force.
local function render(desk, folder, mark_in, mark_out, first_number)
    local project = desk.project
    if not project:SetCurrentRenderFormatAndCodec("exr", codec(project)) then
        studio.fail("This Resolve cannot render EXR.")
    end
    local taken = project:SetRenderSettings({
        SelectAllFrames = false,
        MarkIn = mark_in,
        MarkOut = mark_out,
        TargetDir = folder,
        CustomName = "plate.",
        ExportVideo = true,
        ExportAudio = false,
        ExportAlpha = false,
        ClipStartFrame = first_number,
        AddFrameHandles = 0,
        UseFullExtents = false,
        ExportSubtitle = false,
    })
    if not taken then
        studio.fail("Resolve did not take the render settings.")
    end
    run(project)
end

-- Do it on the Deliver page, whose settings are kept as a preset of ours for the time being.
local function on_deliver_page(desk, action)
    local resolve, project = desk.resolve, desk.project
    local page, form = resolve:GetCurrentPage(), project:GetCurrentRenderFormatAndCodec()
    resolve:OpenPage("deliver")
    local kept = project:SaveAsNewRenderPreset(PRESET)
    studio.restoring(action, function()
        if kept then
            project:LoadRenderPreset(PRESET)
            project:DeleteRenderPreset(PRESET)
        end
        if form then
            project:SetCurrentRenderFormatAndCodec(form.format, form.codec)
        end
        resolve:OpenPage(page)
    end)
end

-- Camera pixels of the shot with its handles, ungraded: by a timeline of this one clip. Gives the
-- numbers of the frames.
function rendering.source(desk, shot, folder)
    desk:check_size()
    local first, last = shot:with_handles()
    local clip = {
        mediaPoolItem = shot.media,
        startFrame = first - shot.first,
        endFrame = last - shot.first,
    }
    local name = "TokenFlow " .. (folder:match("[^/\\]+$") or "")
    local made = desk.pool:CreateTimelineFromClips(name, { clip })
    if not made then
        studio.fail("Resolve could not make a timeline for the clip.")
    end
    studio.restoring(function()
        if not desk.project:SetCurrentTimeline(made) then
            studio.fail("Resolve could not open the timeline of the clip.")
        end
        local start = made:GetStartFrame()
        on_deliver_page(desk, function()
            render(desk, folder, start, start + last - first, first)
        end)
    end, function()
        desk.project:SetCurrentTimeline(desk.timeline)
        desk.pool:DeleteTimelines({ made })
    end)
    return ("%d-%d"):format(first, last)
end

-- The clip as the viewer shows it, grade and all; other video tracks are off meanwhile. Gives the
-- numbers of the frames.
function rendering.as_seen(desk, item, folder)
    desk:check_size()
    local timeline, former = desk.timeline, {}
    local own = item:GetTrackTypeAndIndex()[2]
    local first, last = item:GetStart(), item:GetEnd() - 1
    for index = 1, timeline:GetTrackCount("video") do
        former[index] = timeline:GetIsTrackEnabled("video", index)
    end
    studio.restoring(function()
        for index = 1, #former do
            timeline:SetTrackEnable("video", index, index == own)
        end
        on_deliver_page(desk, function()
            render(desk, folder, first, last, 1001)
        end)
    end, function()
        for index, enabled in ipairs(former) do
            timeline:SetTrackEnable("video", index, enabled)
        end
    end)
    return ("1001-%d"):format(1001 + last - first)
end

return rendering
