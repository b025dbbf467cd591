# Makes .venv beside the project and installs everything in it. Running it again repairs it.
# UNTESTED: written after install.sh, never run on Windows.
[CmdletBinding()]
param(
    [switch]$Dev,   # also install what the tests and checks need
    [switch]$Hosts, # also put our scripts into Nuke and DaVinci Resolve, where these are found
    [switch]$Help
)

$ErrorActionPreference = "Stop"
$here = $PSScriptRoot
$root = Split-Path -Parent $here
$venv = Join-Path $root ".venv"
$python = Join-Path $venv "Scripts\python.exe"

function Stop-Install([string]$message) {
    [Console]::Error.WriteLine("install.ps1: $message")
    exit 1
}

function Test-Supported([string[]]$command) {
    $options = @($command | Select-Object -Skip 1)
    try {
        & $command[0] @options -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" 2>$null
        return $LASTEXITCODE -eq 0
    } catch {
        return $false
    }
}

function Find-Python {
    $candidates = @(@("py", "-3.13"), @("py", "-3.12"), @("py", "-3.11"), @("python"), @("python3"))
    if ($env:PYTHON) { $candidates = @(, @($env:PYTHON)) + $candidates }
    foreach ($candidate in $candidates) {
        if (Test-Supported $candidate) { return , $candidate }
    }
    Stop-Install "no Python 3.11, 3.12 or 3.13 found: install one, or set PYTHON to its path and run this again."
}

function Install-Packages([string[]]$arguments) {
    & $python -m pip --disable-pip-version-check --no-input install `
        --constraint (Join-Path $here "requirements.lock") @arguments
    if ($LASTEXITCODE -ne 0) { Stop-Install "pip could not install $arguments." }
}

if ($Help) {
    Write-Output "usage: installers\install.ps1 [-Dev] [-Hosts] [-Help]"
    Write-Output ""
    Write-Output "  -Dev   also install what the tests and checks need"
    Write-Output "  -Hosts also put our scripts into Nuke and DaVinci Resolve, where these are found"
    Write-Output "  -Help  show this text"
    Write-Output ""
    Write-Output "Set PYTHON to choose the interpreter (3.11, 3.12 or 3.13)."
    exit 0
}

Remove-Item Env:PYTHONHOME, Env:PYTHONPATH -ErrorAction SilentlyContinue

Write-Output "[1/2] Python environment"
if (-not ((Test-Path $python) -and (Test-Supported @($python)))) {
    $command = Find-Python
    $options = @($command | Select-Object -Skip 1)
    & $command[0] @options -m venv --clear $venv
    if ($LASTEXITCODE -ne 0) { Stop-Install "could not make $venv." }
}

Write-Output "[2/2] Packages (the first time, PyTorch is a large download)"
$requirements = Join-Path $here "requirements.txt"
# torch goes first and is spelled exactly: what depends on it would otherwise choose its build.
$torch = (Select-String -Path $requirements -Pattern "^torch==[0-9.]+").Matches[0].Value
Install-Packages @($torch)
Install-Packages @("--quiet", "setuptools", "--requirement", $requirements)
if ($Dev) { Install-Packages @("--quiet", "--requirement", (Join-Path $here "requirements-dev.txt")) }
# Without build isolation, so that nothing is fetched beyond the pinned setuptools.
Install-Packages @("--quiet", "--no-deps", "--no-build-isolation", "--editable", $root)

if ($Hosts) {
    Write-Output "[+] Scripts for Nuke and DaVinci Resolve"
    & (Join-Path $venv "Scripts\tokenflow-studio.exe") hosts install
    if ($LASTEXITCODE -ne 0) { Write-Output "      later: .venv\Scripts\tokenflow-studio hosts install nuke resolve" }
}

Write-Output ""
Write-Output "Installed."
Write-Output "  the demo:    .venv\Scripts\tokenflow-studio demo -o out"
Write-Output "  the window:  .venv\Scripts\tokenflow-studio"
if ($Dev) { Write-Output '  the tests:   .venv\Scripts\python -m pytest -n 2 -m "not slow and not gpu"' }
